import type { z } from 'zod'
import type { Secrets } from '../../platform/secrets/secrets.ts'

interface Kind {
  readonly settings: z.ZodType<unknown>
  readonly secrets: readonly string[]
}

interface Stored {
  readonly of: 'source' | 'link'
  readonly id: string
  readonly settings: Record<string, unknown>
  readonly secrets: Buffer | null
}

/** Settings as the adapter wants them: the plain columns and the sealed secrets together, checked. */
export function openSettings(
  secrets: Secrets,
  kind: Kind,
  stored: Stored,
): { readonly settings: unknown; readonly secretValues: readonly string[] } {
  const opened =
    stored.secrets === null
      ? {}
      : (JSON.parse(secrets.openSetting(stored.secrets, `${stored.of}:${stored.id}`)) as Record<string, string>)
  return { settings: kind.settings.parse({ ...stored.settings, ...opened }), secretValues: Object.values(opened) }
}

/** The other way round: what may rest in the clear, and what is sealed. */
export function sealSettings(
  secrets: Secrets,
  kind: Kind,
  given: { readonly of: 'source' | 'link'; readonly id: string; readonly settings: Readonly<Record<string, unknown>> },
): { readonly settings: Record<string, unknown>; readonly secrets: Buffer | null } {
  const entries = Object.entries(given.settings)
  const hidden = Object.fromEntries(entries.filter(([name]) => kind.secrets.includes(name)))
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !kind.secrets.includes(name))),
    secrets:
      Object.keys(hidden).length === 0 ? null : secrets.sealSetting(JSON.stringify(hidden), `${given.of}:${given.id}`),
  }
}
