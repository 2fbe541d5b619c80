#!/usr/bin/env node
import { start } from '../../src/boot/load-program.ts'

start('apply')
