import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { simpleParser } from 'mailparser'
import pg from 'pg'
import { stringify } from 'yaml'
import { findRunning } from '../src/platform/database/embedded/running.ts'
import { type MailWorld, openMailWorld } from '../test/support/mail/world.ts'
import { paht, startProduct } from '../test/support/product.ts'
import { until } from '../test/support/until.ts'
import { places } from './places.ts'
import { median, type Result } from './result.ts'

interface Size {
  readonly name: string
  readonly bytes: number
  readonly mails: number
  readonly full: number
  /** Of each run, before its clock starts. */
  readonly warm: number
}

const SIZES: readonly Size[] = [
  { name: '5 KB', bytes: 5 * 1024, mails: 4000, full: 8000, warm: 2000 },
  { name: '500 KB', bytes: 500 * 1024, mails: 300, full: 2000, warm: 100 },
]
/** A listener whose memory grows with the mailbox shows it here: 2,000 mails of 500 kB are 1 GB. */
const MEMORY_AIM_MB = 300
/** To look is to count rows, on the cores and the database that are measured. */
const LOOK_MS = 20

/**
 * Mails per second from IMAP to stored, read submissions, beside imapflow's fetch with mailparser alone on the same mailbox in the same run.
 * The listener is a process of its own, which does nothing else; its clock runs from the commit of the last mail that warms it to the last of all.
 * Both are measured warm: code that runs for the first second is interpreted, and the listener's threads each compile theirs anew, while what it is
 * compared with has been running for as long as the bench.
 */
export async function mail(full: boolean): Promise<Result> {
  const rounds = full ? 3 : 2
  const ratios: Record<string, number> = {}
  const figures: Record<string, number> = {}
  let server = ''
  for (const size of SIZES) {
    const world = await openMailWorld()
    server = world.kind
    try {
      const count = full ? size.full : size.mails
      for (let i = 0; i < count; i++) await world.deliver(message(i, size.bytes))
      const pairs: [Taken, number][] = []
      for (let round = 0; round < rounds; round++) {
        const first = round % 2 === 0
        const before = first ? await alone(world, count, size.warm) : undefined
        const taken = await product(world, count, size.warm)
        pairs.push([taken, before ?? (await alone(world, count, size.warm))])
      }
      ratios[size.name] = median(pairs.map(([taken, most]) => taken.perSecond / most))
      figures[`${size.name}: stored, read mails/s`] = median(pairs.map(([taken]) => taken.perSecond))
      figures[`${size.name}: imapflow + mailparser alone/s`] = median(pairs.map(([, most]) => most))
      figures[`${size.name}: mails`] = count
      figures[`${size.name}: listener's memory at most, MB`] = Math.max(...pairs.map(([taken]) => taken.memoryMb))
    } finally {
      await world.close()
    }
  }
  return {
    about: `Mail (${server}, embedded PostgreSQL): ${rounds} rounds in turn with fetch and parser alone, on one mailbox; the listener's memory should stay under ${MEMORY_AIM_MB} MB.`,
    ratios,
    aims: Object.fromEntries(SIZES.map(({ name }) => [name, 0.9])),
    figures,
  }
}

/** As large as it is to be: text alone, or text with a file. Each is another one. */
function message(n: number, bytes: number): string {
  const line = `Cột đèn thứ ${n} trên đường vào bản không sáng đã nhiều ngày, đề nghị sửa sớm.\r\n`
  const head = [
    `From: =?utf-8?B?${Buffer.from(`Người thử ${n}`).toString('base64')}?= <nguoi${n}@example.vn>`,
    'To: phananh@dienbien.example',
    `Subject: =?utf-8?B?${Buffer.from(`Đèn đường hỏng số ${n}`).toString('base64')}?=`,
    `Message-ID: <${n}.${randomBytes(6).toString('hex')}@example.vn>`,
    'Date: Mon, 23 Nov 2026 08:00:00 +0700',
    'MIME-Version: 1.0',
  ]
  const text = (size: number) => [
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    inBase64(Buffer.from(line.repeat(Math.max(1, Math.floor((size * 0.73) / Buffer.byteLength(line)))))),
  ]
  if (bytes < WITH_FILE_BYTES) return [...head, ...text(bytes - 400), ''].join('\r\n')
  const file = [
    'Content-Type: application/octet-stream; name="anh.bin"',
    'Content-Disposition: attachment; filename="anh.bin"',
    'Content-Transfer-Encoding: base64',
    '',
    inBase64(randomBytes(Math.floor((bytes - 2000) * 0.73))),
  ]
  const parts = ['--b', ...text(1000), '--b', ...file, '--b--', '']
  return [...head, 'Content-Type: multipart/mixed; boundary="b"', '', ...parts].join('\r\n')
}

/** Smaller mails are text alone. */
const WITH_FILE_BYTES = 100 * 1024
const inBase64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')

/** The limit: one connection, fetched as a stream, each parsed as it comes. */
async function alone({ imap }: MailWorld, count: number, warm: number): Promise<number> {
  const client = new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: false,
    auth: { user: imap.user, pass: imap.password },
    logger: false,
  })
  await client.connect()
  const lock = await client.getMailboxLock('INBOX')
  let started = performance.now()
  let parsed = 0
  for await (const { source } of client.fetch('1:*', { source: true })) {
    await simpleParser(source!)
    if (++parsed === warm) started = performance.now()
  }
  const took = (performance.now() - started) / 1000
  lock.release()
  await client.logout()
  if (parsed !== count) throw new Error(`${parsed} mails in the mailbox, not ${count}`)
  return (count - warm) / took
}

interface Taken {
  readonly perSecond: number
  readonly memoryMb: number
}

async function product({ imap, smtp, address }: MailWorld, count: number, warm: number): Promise<Taken> {
  const [place] = await places()
  const { dataDir, env, remove } = place!
  const logFile = join(dataDir, 'bench.log')
  // The database needs an owner, which is not the process that is measured.
  const web = await startProduct({ dataDir, env: { ...env, PAHT_ROLES: 'web', LOG_LEVEL: 'warn' }, logFile })
  const connection = (await findRunning(dataDir))!
  const url = `postgres://${connection.user}@/${connection.database}?host=${encodeURIComponent(connection.host!)}&port=${connection.port}`
  const file = join(dataDir, 'source.yaml')
  await writeFile(file, stringify({ sources: [sourceOf({ imap, smtp, address })] }))
  const applied = await paht(['config', 'apply', file], { ...env, PAHT_DATA_DIR: dataDir })
  if (applied.code !== 0) throw new Error(applied.stderr)
  const listener = await startProduct({
    dataDir,
    env: { ...env, DATABASE_URL: url, PAHT_ROLES: 'listener', LOG_LEVEL: 'warn' },
    logFile,
  })
  const pool = new pg.Pool({ ...connection, max: 1 })
  try {
    const stored = async () =>
      Number((await pool.query<{ count: string }>('select count(*) from submission')).rows[0]!.count)
    const warmed = async () => {
      const now = await stored()
      return now >= warm ? now : undefined
    }
    const before = await until('the first mails are stored', warmed, { everyMs: LOOK_MS, deadlineMs: 600_000 })
    const started = performance.now()
    await until('all mails are stored', async () => (await stored()) === count || undefined, {
      everyMs: LOOK_MS,
      deadlineMs: 600_000,
    })
    const took = (performance.now() - started) / 1000
    const status = await readFile(`/proc/${listener.process.pid}/status`, 'utf8')
    return { perSecond: (count - before) / took, memoryMb: Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024 }
  } finally {
    await pool.end()
    await listener.kill()
    await web.stop()
    await remove()
  }
}

function sourceOf({ imap, smtp, address }: Pick<MailWorld, 'imap' | 'smtp' | 'address'>) {
  return {
    id: 'mail',
    kind: 'email',
    profile: 'dien-bien',
    name: 'Hộp thư phản ánh',
    settings: {
      address,
      fromName: 'Phản ánh hiện trường',
      since: '2020-01-01T00:00:00Z',
      imap: { host: imap.host, port: imap.port, security: 'none', user: imap.user },
      imapPassword: imap.password,
      smtp: { host: smtp.host, port: smtp.port, security: 'none' },
    },
  }
}
