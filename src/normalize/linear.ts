/**
 * A linear model: each class has a weight for each feature that it knows, and is as likely as the softmax of their sum. Small enough to be read by
 * a person, which is how a decision is explained.
 */
export interface LinearModel {
  readonly classes: readonly string[]
  readonly bias: readonly number[]
  /** By feature, a weight for each class. */
  readonly weights: Readonly<Record<string, readonly number[]>>
}

export interface Scored {
  readonly value: string
  readonly probability: number
}

export interface Example {
  readonly features: readonly string[]
  readonly value: string
  /** How much it counts. */
  readonly weight: number
}

/** The classes, the likeliest first. Linear in the features. */
export function score({ classes, bias, weights }: LinearModel, features: readonly string[]): readonly Scored[] {
  const sums = [...bias]
  const known = features.flatMap((feature) => (Object.hasOwn(weights, feature) ? [weights[feature]!] : []))
  const scale = scaleOf(known.length)
  for (const own of known) for (let c = 0; c < sums.length; c++) sums[c]! += own[c]! * scale
  const probabilities = softmax(sums)
  return classes
    .map((value, c) => ({ value, probability: probabilities[c]! }))
    .sort((a, b) => b.probability - a.probability)
}

/** The features that spoke most for a class, the strongest first. */
export function reasons(
  { classes, weights }: LinearModel,
  features: readonly string[],
  value: string,
  most = 5,
): string[] {
  const c = classes.indexOf(value)
  return [...new Set(features)]
    .map((feature) => ({ feature, weight: weights[feature]?.[c] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most)
    .map(({ feature }) => feature)
}

/** Long texts are not surer for being long. */
const scaleOf = (count: number): number => 1 / Math.sqrt(Math.max(4, count))

function softmax(sums: readonly number[]): number[] {
  const most = Math.max(...sums)
  const powers = sums.map((sum) => Math.exp(sum - most))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / total)
}

export interface Training {
  readonly passes: number
  /** Of the squares of the weights. */
  readonly decay: number
  /** Length of a step. */
  readonly rate: number
}

const TRAINING: Training = { passes: 60, decay: 0.0008, rate: 0.5 }
/** A weight smaller than this says nothing. */
const LEAST = 0.02

/**
 * Learns by gradient descent with a step of its own for each weight (Duchi, Hazan, Singer: Adaptive Subgradient Methods, 2011). The same examples
 * make the same model: they are gone through in an order that is mixed by their number alone.
 */
export function learn(given: readonly Example[], { passes, decay, rate }: Training = TRAINING): LinearModel {
  const examples = withoutRare(given)
  const classes = [...new Set(examples.map(({ value }) => value))].sort()
  const index = new Map(classes.map((value, c) => [value, c]))
  const size = classes.length
  const weights = new Map<string, { readonly w: Float64Array; readonly g: Float64Array }>()
  const cellOf = (feature: string) => {
    const found = weights.get(feature) ?? { w: new Float64Array(size), g: new Float64Array(size).fill(1e-8) }
    weights.set(feature, found)
    return found
  }
  const bias = cellOf('')
  for (let pass = 0; pass < passes; pass++)
    for (let n = 0; n < examples.length; n++) {
      const { features, value, weight } = examples[(n * stepFor(examples.length) + pass * 7) % examples.length]!
      const scale = scaleOf(features.length)
      const cells = features.map(cellOf)
      const sums = Array.from(bias.w)
      for (const { w } of cells) for (let c = 0; c < size; c++) sums[c]! += w[c]! * scale
      const probabilities = softmax(sums)
      for (let c = 0; c < size; c++) {
        const error = (probabilities[c]! - (index.get(value) === c ? 1 : 0)) * weight
        for (const { w, g } of cells) {
          const gradient = error * scale + decay * w[c]!
          g[c]! += gradient * gradient
          w[c]! -= (rate * gradient) / Math.sqrt(g[c]!)
        }
        bias.g[c]! += error * error
        bias.w[c]! -= (0.2 * rate * error) / Math.sqrt(bias.g[c]!)
      }
    }
  weights.delete('')
  return {
    classes,
    bias: Array.from(bias.w, rounded),
    weights: Object.fromEntries(
      [...weights]
        .filter(([, { w }]) => w.some((value) => Math.abs(value) >= LEAST))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([feature, { w }]) => [feature, Array.from(w, rounded)]),
    ),
  }
}

/** What stands in one example alone is learned by heart, and tells nothing of others. */
function withoutRare(examples: readonly Example[]): Example[] {
  const counts = new Map<string, number>()
  for (const { features } of examples)
    for (const feature of new Set(features)) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  return examples.map((example) => ({
    ...example,
    features: example.features.filter((feature) => counts.get(feature)! > 1),
  }))
}

const rounded = (value: number): number => Math.round(value * 100) / 100

/** Coprime to the count, so that every example has its turn. */
function stepFor(count: number): number {
  for (let step = Math.max(1, Math.floor(count * 0.618)); ; step++) if (gcd(step, count) === 1) return step
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
