#!/usr/bin/env node
import { start } from './load-program.ts'

start('apply')
