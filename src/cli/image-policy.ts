#!/usr/bin/env node
import { main } from './main.ts'

await main('apply', process.argv.slice(2))
