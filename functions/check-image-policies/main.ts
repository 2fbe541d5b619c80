#!/usr/bin/env node
import { main } from '../../src/cli/main.ts'

await main('check', process.argv.slice(2))
