/**
 * What was ever attached to an instance, so that who asks for its parts need not look through all of an account with thousands of them.
 * Whether it still is, says the part.
 */
import type { Instance, NetworkInterfaceRecord, Volume } from "./state.ts";

interface EverAttached {
  readonly volumes: Volume[];
  readonly interfaces: NetworkInterfaceRecord[];
}

const byInstance = new WeakMap<Instance, EverAttached>();

export const everAttached = (instance: Instance): EverAttached => {
  const known = byInstance.get(instance) ?? { volumes: [], interfaces: [] };
  byInstance.set(instance, known);
  return known;
};

/** In the order in which they were made, as EC2 lists them. */
const note = <Part extends { readonly createdAt: number }>(parts: Part[], part: Part): void => {
  if (parts.includes(part)) return;
  parts.push(part);
  parts.sort((one, other) => one.createdAt - other.createdAt);
};

export const noteVolume = (instance: Instance, volume: Volume): void => {
  note(everAttached(instance).volumes, volume);
};

export const noteInterface = (instance: Instance, record: NetworkInterfaceRecord): void => {
  note(everAttached(instance).interfaces, record);
};
