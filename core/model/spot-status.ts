/**
 * What the status code of a fulfilled Spot request says of its instance. None of them says that the instance has ended: where EC2
 * terminates for want of capacity it gives `instance-terminated-no-capacity` at the notice, and the instance runs on for two minutes. What
 * has ended is said by DescribeInstances alone. Source: EC2 user guide, "State changes for a Spot request", tables and footnotes.
 */

/** Between the notice and the end, where EC2 terminates or stops. The event has no end in it. Source: EC2 user guide, "Spot Instance interruption notices". */
export const noticeMs = 120_000;

/** EC2 gives the code with the notice; the event may be quicker by seconds †. An instance that is not shown so after this lives. */
export const showsWithinMs = 30_000;

/** `UNKNOWN`: the code does not say it. */
export type TakenBy =
  "POOL" | "PRICE" | "USER" | "SERVICE" | "SCHEDULE" | "EXPERIMENT" | "LAUNCH_GROUP" | "UNKNOWN";

export type SpotStanding =
  /** It simply runs, as far as the request tells. */
  | { readonly kind: "RESTFUL" }
  /** It is about to go, or gone. */
  | { readonly kind: "ANNOUNCED"; readonly by: TakenBy }
  /** Neither is said: not a pass. */
  | { readonly kind: "UNCLEAR" };

/** The second: its owner cancelled the request, and the instance stays. */
const restfulCodes: readonly string[] = ["fulfilled", "request-canceled-and-instance-running"];

/** `spot-instance-terminated-by-user` is an older word; people report `hibernated` †. */
const endingForm = /^(?:spot-)?instance-(?:terminated|stopped|hibernated)-(?<why>.+)$/;

const takers: Readonly<Record<string, TakenBy>> = {
  "no-capacity": "POOL",
  // Of the time when all who bid the same shared a pool.
  "capacity-oversubscribed": "POOL",
  "by-price": "PRICE",
  "by-user": "USER",
  "by-service": "SERVICE",
  "by-schedule": "SCHEDULE",
  "by-experiment": "EXPERIMENT",
  "launch-group-constraint": "LAUNCH_GROUP",
};

export const readSpotStatus = (code: string): SpotStanding => {
  if (restfulCodes.includes(code)) return { kind: "RESTFUL" };
  if (code.startsWith("marked-for-")) {
    // `marked-for-stop` is said of what its owner stops, too.
    const by = code.endsWith("-by-experiment") ? "EXPERIMENT" : "UNKNOWN";
    return { kind: "ANNOUNCED", by };
  }
  const why = endingForm.exec(code)?.groups?.["why"];
  return why === undefined
    ? { kind: "UNCLEAR" }
    : { kind: "ANNOUNCED", by: takers[why] ?? "UNKNOWN" };
};

/** What EC2 says of a Spot request. */
export interface RequestStatus {
  readonly code: string;
  /** Since when it has that code, ISO 8601; absent where EC2 does not say. */
  readonly since?: string;
}
