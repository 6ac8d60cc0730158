import { eq } from 'drizzle-orm'
import type { AnyChannel, ChannelContext, Memory } from '../../channels/channel.ts'
import type { Ports } from '../act.ts'
import { openSettings } from '../settings/sealed.ts'
import { sourceMemory, type sources } from '../tables/index.ts'

export type Source = typeof sources.$inferSelect

/** For one exchange with a provider. */
const TIMEOUT_MS = 20_000

/** A source's settings with their secrets, and what its channel may use of the outside. */
export function openSource(ports: Ports, source: Source): ChannelContext<unknown> {
  const channel: AnyChannel = ports.channels.get(source.kind)!
  const { settings, secretValues } = openSettings(ports.secrets, channel, { of: 'source', ...source })
  const { allow } = settings as { readonly allow?: unknown }
  return {
    settings,
    mail: ports.mail,
    http: ports.outgoing({
      timeoutMs: TIMEOUT_MS,
      ...(channel.maxAnswerBytes !== undefined && { maxAnswerBytes: channel.maxAnswerBytes }),
      allow: Array.isArray(allow) ? allow.map(String) : [],
      secrets: secretValues,
      trace: ({ request, response, durationMs, error }) =>
        ports.log.debug(
          { source: source.id, call: bare(request.line), status: response?.status, ms: durationMs, error },
          'source.exchange',
        ),
    }),
    at: ports.clock.now(),
    memory: memoryOf(ports, source.id),
    hookUrl: hookUrl(ports, source.id),
  }
}

/** Without the query, which is signed, and without long numbers in the path: people's, their talks', those that they called from. */
function bare(line: string): string {
  const [method, address = ''] = line.split(' ')
  if (!URL.canParse(address)) return `${method} an address that is none`
  const { origin, pathname } = new URL(address)
  return `${method} ${origin}${pathname.replace(/\d(?:[ ._-]?\d){7,}/g, '●')}`
}

/** Where a provider calls a source. */
const hookUrl = ({ publicUrl }: Pick<Ports, 'publicUrl'>, sourceId: string): string =>
  `${publicUrl}/hooks/sources/${sourceId}`

function memoryOf({ db, secrets }: Pick<Ports, 'db' | 'secrets'>, sourceId: string): Memory {
  const seal = (value: unknown) => secrets.sealSetting(JSON.stringify(value), `memory:${sourceId}`)
  const open = (sealed: Buffer | null | undefined): unknown =>
    sealed ? JSON.parse(secrets.openSetting(sealed, `memory:${sourceId}`)) : undefined
  return {
    read: async () => {
      const [row] = await db.select().from(sourceMemory).where(eq(sourceMemory.sourceId, sourceId))
      return open(row?.value)
    },
    change: (change) =>
      db.transaction(async (tx) => {
        await tx.insert(sourceMemory).values({ sourceId }).onConflictDoNothing()
        const [row] = await tx.select().from(sourceMemory).where(eq(sourceMemory.sourceId, sourceId)).for('update')
        const value = await change(open(row?.value))
        await tx
          .update(sourceMemory)
          .set({ value: seal(value) })
          .where(eq(sourceMemory.sourceId, sourceId))
        return value
      }),
  }
}
