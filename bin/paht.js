#!/usr/bin/env -S node --max-semi-space-size=64 --heap-growing-percent=100
import { join } from 'node:path'
import { build } from '../scripts/build.js'

if (await build(join(import.meta.dirname, '..'))) await import(new URL('../dist/main.js', import.meta.url).href)
else process.exitCode = 1
