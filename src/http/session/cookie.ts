import type { FastifyReply, FastifyRequest } from 'fastify'
import { originOf } from './origin.ts'

/**
 * `__Host-` (RFC 6265bis §4.1.3.2) ties a cookie to https, this host and every path of it. Over plain http, which only a laptop should speak, the
 * prefix would make a browser drop it.
 */
const nameAt = (publicUrl: string) => (isSecure(publicUrl) ? '__Host-paht' : 'paht')
const isSecure = (publicUrl: string) => originOf(publicUrl)?.startsWith('https:') === true
const settings = (publicUrl: string) =>
  ({ httpOnly: true, sameSite: 'strict', secure: isSecure(publicUrl), path: '/' }) as const

export function setSession(reply: FastifyReply, publicUrl: string, token: string, endsAt: Date): void {
  reply.setCookie(nameAt(publicUrl), token, { ...settings(publicUrl), expires: endsAt })
}

export function clearSession(reply: FastifyReply, publicUrl: string): void {
  reply.clearCookie(nameAt(publicUrl), settings(publicUrl))
}

export const sessionIn = (request: FastifyRequest, publicUrl: string): string | undefined =>
  request.cookies[nameAt(publicUrl)]
