import type { ProfileVersion } from '../profile/profile.ts'

interface Holder {
  readonly functions: readonly string[]
  readonly from: string
  readonly to: string | null
}

/** Every function that a version sends to is one that some agency has while the version is in force. */
export function checkAgencies(
  versions: readonly ProfileVersion[],
  agencies: readonly Holder[],
  complain: (path: (string | number)[], problem: string) => void,
): void {
  for (const [i, version] of versions.entries()) {
    const next = versions[i + 1]?.from
    const held = agencies.filter(
      ({ from, to }) => (next === undefined || from < next) && (to === null || to >= version.from),
    )
    const look = (path: (string | number)[], id: string | undefined) => {
      if (id !== undefined && !held.some(({ functions }) => functions.includes(id)))
        complain(['versions', i, ...path], `no agency has the function ${id} while this version is in force`)
    }
    look(['intake', 'agency'], version.intake.agency)
    look(['passingOn', 'first'], version.passingOn.first)
    for (const [j, { to }] of version.routing.table.entries())
      if (to !== 'place') look(['routing', 'table', j, 'to'], to)
  }
}
