import ipaddr from 'ipaddr.js'

type Address = ReturnType<typeof ipaddr.parse>
export type Network = ReturnType<typeof ipaddr.parseCIDR>

/** What an allow list can open. Link-local (169.254.169.254 gives out a cloud's keys), multicast and the like stay shut whatever it says. */
const OPENABLE: ReadonlySet<string> = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'])

/** Azure's host agent: a public address by its range, yet it answers with the machine's configuration. */
const HOST_AGENT = '168.63.129.16'

/** RFC 4291 §2.4 and the IANA registry: unicast is handed out of 2000::/3 alone, so ::/96 with an IPv4 address inside is none. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3')

/** The obsolete `::127.0.0.1` is an address of its own, but the parser reads it as the mapped `::ffff:127.0.0.1`. */
const IPV4_COMPATIBLE = /^::\d+\./

/** @throws on what is no CIDR; settings are checked before they come here. */
export function networksOf(cidrs: readonly string[]): readonly Network[] {
  return cidrs.map((cidr) => ipaddr.parseCIDR(cidr))
}

/**
 * May we connect to this address? Only public unicast passes, and what the link allow-lists.
 * An IPv4 address in IPv6 clothes is judged as IPv4 where it is mapped (::ffff:0:0/96), refused where it is translated (NAT64, 6to4, Teredo).
 */
export function mayReach(address: string, allowed: readonly Network[]): boolean {
  if (!ipaddr.isValid(address) || IPV4_COMPATIBLE.test(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.toString() === HOST_AGENT) return false
  const range = parsed.range()
  if (range === 'unicast') return parsed.kind() === 'ipv4' || within(parsed, GLOBAL_IPV6)
  return OPENABLE.has(range) && allowed.some((network) => within(parsed, network))
}

function within(address: Address, network: Network): boolean {
  return address.kind() === network[0].kind() && address.match(network)
}
