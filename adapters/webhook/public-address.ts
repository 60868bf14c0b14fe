/**
 * Which addresses are of the public internet. All others are refused: through a webhook nobody is to reach what stands beside our functions,
 * such as the address of instance metadata. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

const reserved = new BlockList();

const reservedV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, and what is reserved for ever.
  ["224.0.0.0", 3],
];

/** Within 2000::/3, outside of which nothing is public. */
const reservedV6: readonly (readonly [string, number])[] = [
  // Teredo, benchmarking, ORCHID and the like.
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4 carries an IPv4 address.
  ["2002::", 16],
  ["3fff::", 20],
];

for (const [net, prefix] of reservedV4) reserved.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of reservedV6) reserved.addSubnet(net, prefix, "ipv6");

const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");

/** False for what is not an address at all. */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !reserved.check(address, "ipv4");
  return isIPv6(address) && global.check(address, "ipv6") && !reserved.check(address, "ipv6");
};
