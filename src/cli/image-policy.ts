#!/usr/bin/env node
import { main } from './main.ts'

void main('apply', process.argv.slice(2))
