import { resolve } from 'node:path'
import { z } from 'zod'

export const ROLES = ['web', 'worker', 'listener'] as const
export type Role = (typeof ROLES)[number]

/** Everything the environment decides. `.env.example` is made from the descriptions. */
const Environment = z.object({
  DATABASE_URL: z
    .string()
    .optional()
    .describe('PostgreSQL 15 or newer. Not set: the product brings up its own in PAHT_DATA_DIR'),
  REDIS_URL: z
    .string()
    .optional()
    .describe('Redis 7, for wake-ups between processes. Not set: within this process, and every 2 s by the table'),
  PAHT_ROLES: z
    .string()
    .default(ROLES.join(','))
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(ROLES)).min(1))
    .describe('What this process does: web, worker, listener'),
  PAHT_DATA_DIR: z
    .string()
    .default('./data')
    .describe('Folder of the files, and of the database where none is configured'),
  PAHT_SECRET_KEY: z
    .string()
    .optional()
    .describe(
      '32 bytes in Base64 (openssl rand -base64 32). Made in PAHT_DATA_DIR on the first start; demanded once DATABASE_URL is set',
    ),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080).describe('Port of the HTTP server; 0 takes a free one'),
  HOST: z.string().default('127.0.0.1').describe('Address that the HTTP server listens on; 0.0.0.0 for all'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where citizens and offices reach the product. Not set: http://localhost:PORT'),
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((text) => text?.split(',').map((address) => address.trim()) ?? [])
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])))
    .describe(
      'Addresses or networks of the proxies in front, with commas between: who asks is then read from their X-Forwarded-For',
    ),
  PAHT_WORKER_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe('Tasks that one worker process runs at the same time'),
  PAHT_POOL_SIZE: z.coerce.number().int().min(4).max(200).default(20).describe('Database connections of one process'),
  PAHT_TRIAL_CLOCK: z
    .string()
    .optional()
    .describe('For trials: a file with the milliseconds by which business time is ahead; never in real use'),
  LOG_LEVEL: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('What is logged, as JSON lines on standard output'),
})

export interface Config {
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  readonly roles: readonly Role[]
  readonly dataDir: string
  readonly secretKey: string | undefined
  readonly port: number
  readonly host: string
  readonly publicUrl: string | undefined
  /** Whose word about where a request comes from is believed. */
  readonly trustedProxies: readonly string[]
  readonly workerSlots: number
  readonly poolSize: number
  readonly trialClock: string | undefined
  readonly logLevel: string
}

/** An empty variable is one that is not set, as in Docker and systemd files. Returns sentences for the person who starts the product. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Config | { readonly problems: readonly string[] } {
  const read = Environment.safeParse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
  )
  if (!read.success)
    return { problems: read.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`) }
  const env = read.data
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    roles: env.PAHT_ROLES,
    dataDir: resolve(env.PAHT_DATA_DIR),
    secretKey: env.PAHT_SECRET_KEY,
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
    trustedProxies: env.TRUSTED_PROXIES,
    workerSlots: env.PAHT_WORKER_SLOTS,
    poolSize: env.PAHT_POOL_SIZE,
    trialClock: env.PAHT_TRIAL_CLOCK,
    logLevel: env.LOG_LEVEL,
  }
}

/** The text of `.env.example`; a test fails when the file differs. */
export function exampleEnvironment(): string {
  const lines = Object.entries(Environment.shape).map(([name, schema]) => {
    const fallback = schema.safeParse(undefined)
    const value = fallback.success && fallback.data !== undefined ? String(fallback.data) : ''
    return `# ${schema.description}\n# ${name}=${value}\n`
  })
  return lines.join('\n')
}
