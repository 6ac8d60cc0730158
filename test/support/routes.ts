import type { FastifyInstance } from 'fastify'

/** `GET /api/v1/cases/:id`, of everything that the server itself says it serves. */
export function routesOf(app: FastifyInstance): string[] {
  const found: string[] = []
  const path: string[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent, url, methods] = /^([│ ]*)[├└]── (\S+) \(([A-Z, ]+)\)$/u.exec(line) ?? []
    if (indent === undefined || url === undefined) continue
    path.length = indent.length / 4
    // Where two routes name one place differently, `:code|:id`: the last name stands for both.
    path.push(url.replace(/:[\w|:]+/g, (names) => `:${names.split(':').at(-1)}`))
    for (const method of methods!.split(', ')) found.push(`${method} ${path.join('')}`)
  }
  return found
}
