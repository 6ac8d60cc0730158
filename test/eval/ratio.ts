import type { Judged } from './judged.ts'

export interface Ratio {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

interface Pair {
  readonly gold: boolean
  readonly said: boolean
}

export function ratios<K extends string>(keys: readonly K[], of: (key: K) => readonly Pair[]): Record<K, Ratio> {
  return Object.fromEntries(keys.map((key) => [key, ratio(of(key))])) as Record<K, Ratio>
}

export function ratio(pairs: readonly Pair[]): Ratio {
  const count = (which: (pair: Pair) => boolean) => pairs.filter(which).length
  return ratioOf(
    count(({ gold, said }) => gold && said),
    count(({ said }) => said),
    count(({ gold }) => gold),
  )
}

export function ratioOf(right: number, said: number, gold: number): Ratio {
  const precision = said === 0 ? (gold === 0 ? 1 : 0) : right / said
  const recall = gold === 0 ? 1 : right / gold
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}

export function share(of: readonly Judged[], right: (one: Judged) => boolean): number {
  return of.length === 0 ? 1 : of.filter(right).length / of.length
}
