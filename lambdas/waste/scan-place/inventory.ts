/** Reads all lists of a place, each by itself: one that can't be read to its end does not keep the others waiting. */
import { readOwnLoadBalancers } from "../../../adapters/aws/balancer-use.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Inventory } from "../../../core/waste/inventory.ts";
import type { CustomerClients } from "../../runtime/context.ts";
import type { OneByOne } from "../../schedule/one-by-one.ts";
import { isListName, listReadings, type WasteClientNames } from "../lists.ts";

export type ScanClientNames = WasteClientNames | "elb";
export type ScanClients = Pick<CustomerClients, ScanClientNames>;

const names: readonly (keyof Inventory)[] = [
  ...(Object.keys(listReadings) as (keyof typeof listReadings)[]),
  "loadBalancers",
];

const read = (clients: ScanClients, name: keyof Inventory): Promise<Inventory[keyof Inventory]> =>
  isListName(name) ? listReadings[name](clients) : readOwnLoadBalancers(clients.elb);

export const readInventory = async (
  clients: ScanClients,
  { turns, place }: { readonly turns: OneByOne; readonly place: Place },
): Promise<Partial<Inventory>> => {
  const lists = await Promise.all(
    names.map(async (name) => {
      const told = `The list of ${name} of ${place.region} in account ${place.accountId} was not read`;
      const item = { name: told, keys: { ...place } };
      const list = await turns.attempt(item, () => read(clients, name));
      return list === undefined ? [] : [[name, list] as const];
    }),
  );
  return Object.fromEntries(lists.flat());
};
