#!/usr/bin/env node
import { start } from '../../src/cli/start.ts'

start('apply')
