import { z } from 'zod'
import type { Example } from '../../normalize/linear.ts'
import { featuresOf } from '../../normalize/matter.ts'
import { say } from '../../normalize/said.ts'
import { urgencyFeatures } from '../../normalize/urgent.ts'
import { namesIn, type PlaceData } from '../../normalize/where.ts'
import { MATTERS } from '../words.ts'
import { describeProblems, readYaml } from '../yaml.ts'

const Phrases = z.record(z.enum(MATTERS), z.array(z.string().trim().min(3)).min(5))

/** Where the phrases stand that every model starts from. */
export const PHRASES = 'data/learn/matters.yaml'
export const URGENT_PHRASES = 'data/learn/urgent.yaml'

const Urgent = z.strictObject({ urgent: z.array(z.string()).min(5), calm: z.array(z.string()).min(5) })

/** The phrases of ours, each an example of its field. */
export function phraseExamples(text: string): Example[] {
  const found = readYaml(text, Phrases)
  if ('problems' in found) throw new Error(describeProblems(PHRASES, found.problems))
  return Object.entries(found.value).flatMap(([value, phrases]) =>
    phrases.map((phrase) => ({ value, features: featuresOf(say(phrase)), weight: 1 })),
  )
}

/** Of most matters that people write about nobody must come at once: the phrases of the fields count a little for that. */
export function urgentExamples(urgent: string, matters: string): Example[] {
  const found = readYaml(urgent, Urgent)
  const others = readYaml(matters, Phrases)
  if ('problems' in found) throw new Error(describeProblems(URGENT_PHRASES, found.problems))
  if ('problems' in others) throw new Error(describeProblems(PHRASES, others.problems))
  const of = (value: string, weight: number) => (phrase: string) => ({
    ...{ value, weight, features: urgencyFeatures(say(phrase)) },
  })
  return [
    ...found.value.urgent.map(of('urgent', 1)),
    ...found.value.calm.map(of('calm', 1)),
    ...Object.values(others.value).flat().map(of('calm', 0.3)),
  ]
}

export interface Told {
  readonly title?: string | undefined
  readonly text: string
  /** What its sender picked, where it is one of the fifteen fields. */
  readonly picked?: string | undefined
  /** What a person who knows says that it is. */
  readonly value: string
}

/** A report of which a person said what it is. */
export function toldExample({ picked, value, ...told }: Told, places: PlaceData): Example {
  const said = saidOf(told)
  return { value, weight: 1, features: featuresOf(said, picked, namesIn(said, places)) }
}

/** A report of which a person said whether it can wait. */
export function urgencyExample(told: Pick<Told, 'title' | 'text'>, urgent: boolean): Example {
  return { value: urgent ? 'urgent' : 'calm', weight: 1, features: urgencyFeatures(saidOf(told)) }
}

const saidOf = ({ title, text }: Pick<Told, 'title' | 'text'>) =>
  say([title, text].filter((part) => part !== undefined && part !== '').join('\n'))
