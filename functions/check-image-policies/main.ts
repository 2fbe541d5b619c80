#!/usr/bin/env node
import { main } from '../../src/cli/main.ts'

void main('check', process.argv.slice(2))
