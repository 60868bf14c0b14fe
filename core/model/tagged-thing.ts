/** What carries our tags in a customer's account, as AWS shows it: of every kind that we make, and that costs money or stands in somebody's way. */
import type { LeftThing } from "./left-thing.ts";

/** As EC2 names kinds of resources; a group of capacity reservations is Resource Groups'. A kind that we make has a word here. */
export const taggedKinds = [
  "instance",
  "volume",
  "network-interface",
  "image",
  "snapshot",
  "spot-instances-request",
  "capacity-reservation",
  "security-group",
  "resource-group",
] as const;
export type TaggedKind = (typeof taggedKinds)[number];

/** What an instance type costs by the hour, and where. */
export interface HourlyCharge {
  readonly instanceType: string;
  /** As EC2 spells the platform: `Linux/UNIX` … */
  readonly product: string;
  /** Of a Spot Instance: its price differs by zone. Absent: On-Demand. */
  readonly spotZoneId?: string;
}

export interface TaggedThing extends LeftThing {
  readonly kind: TaggedKind;
  readonly tags: Readonly<Record<string, string>>;
  /** When it was made, or an instance was last started. ISO 8601. Absent where AWS does not say it. */
  readonly madeAt?: string;
  /** Instance that holds it, or was launched for it. */
  readonly instanceId?: string;
  /** Image that a snapshot was made for. */
  readonly imageId?: string;
  /** Of an image or a group. */
  readonly name?: string;
  /** Of an instance's launch. */
  readonly clientToken?: string;
  /** Of what is charged by the hour for its instance type as it stands. */
  readonly charge?: HourlyCharge;
}
