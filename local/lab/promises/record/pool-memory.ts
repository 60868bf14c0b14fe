/** Each loss and each refusal of a pool is remembered once: as often as the pool took an instance away, or refused a launch. */
import { listLosses, listRefusals } from "../../../../adapters/store/pools.ts";
import type { InstanceSummary } from "../../../cloud/ec2/control-reads.ts";
import type { JournalEntry } from "../../../cloud/journal.ts";
import type { Judged } from "../promise.ts";

/** What its owner, his account or the account's own price ended was not taken by the pool. */
const wasTaken = ({ spotStatus = "", lifecycle }: InstanceSummary): boolean =>
  lifecycle === "spot" && spotStatus.endsWith("-no-capacity");

const isRefusedLaunch = ({ operation, errorCode }: JournalEntry): boolean =>
  operation === "RunInstances" && errorCode === "InsufficientInstanceCapacity";

const tokenOf = ({ input }: JournalEntry): unknown =>
  (input as { readonly ClientToken?: string }).ClientToken;

interface FleetInput {
  readonly LaunchTemplateConfigs?: readonly { readonly Overrides?: readonly unknown[] }[];
}

/** The answer of a fleet may refuse each place that it names, and the journal does not hold it. */
const placesOf = ({ operation, input }: JournalEntry): number =>
  operation === "CreateFleet"
    ? ((input as FleetInput).LaunchTemplateConfigs ?? []).reduce(
        (sum, { Overrides: places = [] }) => sum + places.length,
        0,
      )
    : 0;

const asMany = (name: string, told: number, most: number): readonly string[] =>
  told > most
    ? [`${String(told)} ${name} of pools are remembered, and there were ${String(most)}`]
    : [];

/** All of the lab: its table begins empty. */
export const poolMemoryIsTrue = async ({ lab }: Judged): Promise<readonly string[]> => {
  const { accountId, region } = lab.account;
  const since = new Date(0).toISOString();
  // What we terminate after the notice no longer shows it.
  const seen = [
    ...lab.control.instances(accountId),
    ...lab.watch.moments.flatMap(({ replacements }) => replacements),
  ];
  const taken = new Set(seen.filter(wasTaken).map(({ instanceId }) => instanceId));
  const calls = lab.watch.mutations();
  const refused = new Set(calls.filter(isRefusedLaunch).map(tokenOf)).size;
  const inFleets = calls.reduce((sum, call) => sum + placesOf(call), 0);
  return [
    ...asMany("losses", (await listLosses(lab.table, { region, since })).length, taken.size),
    ...asMany(
      "refusals",
      (await listRefusals(lab.table, { region, since })).length,
      refused + inFleets,
    ),
  ];
};
