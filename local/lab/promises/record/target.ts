/**
 * The target is what serves, with its type and zone, or what it was before; unless the record says why it does not follow. A
 * held one stays where it was until a person decides.
 */
import type { Judged } from "../promise.ts";

export const targetIsTrue = async ({
  lab,
  ending,
  server,
  end,
}: Judged): Promise<readonly string[]> => {
  if (server === undefined || end === "OTHERWISE" || end === "HELD") return [];
  if (ending.evaluation.outcome?.sentence.includes("does not follow") === true) return [];
  const target = (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body;
  const expected = {
    instance_id: server.instanceId,
    instance_type: server.instanceType,
    availability_zone: server.zoneName,
  };
  return Object.entries(expected)
    .filter(([field, value]) => target[field] !== value)
    .map(([field, value]) => `the target's ${field} is ${String(target[field])}, not ${value}`);
};
