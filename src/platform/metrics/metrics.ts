import { Counter, collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client'

collectDefaultMetrics()

/** Labels are words of ours (a source's kind, a fault's code, a state), never anything that a person sent. */
export const submissionsStored = new Counter({
  name: 'paht_submissions_total',
  help: 'Submissions stored, by source kind and whether they were new',
  labelNames: ['channel', 'result'],
})
export const tasksDone = new Counter({
  name: 'paht_tasks_total',
  help: 'Tasks done, by kind and result',
  labelNames: ['kind', 'result'],
})
export const deliveriesAttempted = new Counter({
  name: 'paht_delivery_attempts_total',
  help: 'Attempts to tell an office, by outcome',
  labelNames: ['outcome'],
})
export const intakeSeconds = new Histogram({
  name: 'paht_intake_seconds',
  help: 'From request to durable',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
})

/** A figure that is asked for when the metrics are read. */
export function gauge(
  name: string,
  help: string,
  labelNames: readonly string[],
  read: (set: (labels: Record<string, string>, value: number) => void) => Promise<void>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    async collect() {
      this.reset()
      await read((labels, value) => this.set(labels, value))
    },
  })
}

export const readMetrics = (): Promise<string> => register.metrics()
