import { describe, expect, it } from 'vitest'
import { mayReach, networksOf } from './addresses.ts'

const EVERYTHING = networksOf(['0.0.0.0/0', '::/0'])

describe('addresses that no link reaches unless it allow-lists them', () => {
  it.each([
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback, all of 127/8'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'a metadata address inside carrier-grade NAT'],
    ['::1', 'loopback'],
    ['fd00:ec2::254', 'unique local, a metadata address'],
    ['fc00::1', 'unique local'],
    ['::ffff:10.0.0.1', 'private, mapped into IPv6'],
    ['::ffff:7f00:1', 'loopback, mapped, in hexadecimal'],
  ])('%s (%s)', (address) => {
    expect(mayReach(address, [])).toBe(false)
    expect(mayReach(address, EVERYTHING)).toBe(true)
  })
})

describe('addresses that no allow list opens', () => {
  it.each([
    ['0.0.0.0', 'this host'],
    ['0.1.2.3', 'this network, all of 0/8'],
    ['169.254.169.254', 'link-local, the metadata of most clouds'],
    ['168.63.129.16', 'the host agent of Azure'],
    ['::ffff:168.63.129.16', 'the same, mapped'],
    ['192.0.0.192', 'protocol assignments, a metadata address'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::127.0.0.1', 'IPv4-compatible'],
    ['::8.8.8.8', 'IPv4-compatible'],
    ['::7f00:1', 'IPv4-compatible, outside 2000::/3'],
    ['::ffff:0:127.0.0.1', 'IPv4-translated (RFC 6145)'],
    ['::ffff:169.254.169.254', 'link-local, mapped'],
    ['64:ff9b::7f00:1', 'NAT64 of 127.0.0.1'],
    ['64:ff9b::8.8.8.8', 'NAT64 of a public address'],
    ['64:ff9b:1::a00:1', 'local NAT64 (RFC 8215)'],
    ['2002:7f00:1::1', '6to4 of 127.0.0.1'],
    ['2001:0:7f00:1::1', 'Teredo'],
    ['2001:db8::1', 'documentation'],
    ['3fff::1', 'documentation (RFC 9637)'],
    ['100::1', 'discard'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['5f00::1', 'segment routing'],
    ['4000::1', 'not handed out'],
    ['office.example', 'no address at all'],
    ['', 'nothing'],
  ])('%s (%s)', (address) => {
    expect(mayReach(address, EVERYTHING)).toBe(false)
  })
})

it.each([
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '203.162.4.191',
  '::ffff:8.8.8.8',
  '2001:ee0:1::1',
  '2606:4700::1111',
])('%s is public and passes', (address) => {
  expect(mayReach(address, [])).toBe(true)
})

it('opens the listed network and not its neighbour', () => {
  const allowed = networksOf(['10.20.0.0/16', 'fd12:3456::/32'])
  expect(mayReach('10.20.255.1', allowed)).toBe(true)
  expect(mayReach('::ffff:10.20.0.9', allowed)).toBe(true)
  expect(mayReach('10.21.0.1', allowed)).toBe(false)
  expect(mayReach('fd12:3456::9', allowed)).toBe(true)
  expect(mayReach('fd12:3457::9', allowed)).toBe(false)
})
