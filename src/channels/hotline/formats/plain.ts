import { splitByLabels } from '../speakers.ts'
import type { FormatReader } from './reader.ts'

/** A text as people type it, or a recognizer writes it: a label before each turn, or none at all. */
export const readPlain: FormatReader = async (text, settings) => [{ turns: splitByLabels(text, settings) }]
