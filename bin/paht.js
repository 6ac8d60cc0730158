#!/usr/bin/env node
import { join } from 'node:path'
import { build } from '../scripts/build.js'

if (await build(join(import.meta.dirname, '..'))) await import(new URL('../dist/main.js', import.meta.url).href)
else process.exitCode = 1
