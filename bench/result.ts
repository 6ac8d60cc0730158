export interface Result {
  /** One sentence: what was measured, how. */
  readonly about: string
  /** Only what has an aim; higher is better. */
  readonly ratios: Readonly<Record<string, number>>
  readonly aims: Readonly<Record<string, number>>
  readonly figures: Readonly<Record<string, number>>
}

export function printTable({ about, ratios, aims, figures }: Result): void {
  console.log(`\n${about}\n`)
  const width = Math.max(...[...Object.keys(ratios), ...Object.keys(figures)].map((key) => key.length))
  for (const [key, value] of Object.entries(figures)) console.log(`  ${key.padEnd(width)}  ${shown(value)}`)
  for (const [key, value] of Object.entries(ratios)) {
    const aim = aims[key]
    console.log(
      `  ${key.padEnd(width)}  ${shown(value)}${aim === undefined ? '' : `   aim ≥ ${aim}${value >= aim ? '' : '  MISSED'}`}`,
    )
  }
  console.log('')
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function shown(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100)
}
