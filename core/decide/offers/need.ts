/** Says what a replacement must offer, whatever is replaced: candidates, choice and launch order know the need alone. */
import type { FleetFacts } from "../../model/fleet.ts";
import type { CpuOptionsFacts, Pool } from "../../model/market.ts";
import type { Standing } from "./placement.ts";

/** Something that exists in one zone and must stay beside the load. */
export interface Pin {
  readonly zoneId: string;
  /** Ends the sentence "… is not in use1-az1, where …". */
  readonly because: string;
}

/** Something that reaches the load in some zones only. */
export interface Reach {
  readonly zoneIds: readonly string[];
  /** Begins the sentence "… serves use1-az1". */
  readonly who: string;
}

export interface Need {
  /** How the replacement is to be bought. Absent: Spot. */
  readonly purchase?: "ON_DEMAND";
  /** Of what is to be replaced: types are compared with it, and prices with its On-Demand price. */
  readonly instanceType: string;
  readonly architecture: string;
  /** Network interfaces in use: what the type would allow besides is not needed. */
  readonly interfaces: number;
  /** IPv4 addresses on the interface that has most. */
  readonly addressesPerInterface: number;
  /** IPv6 addresses on the interface that has most. */
  readonly ipv6PerInterface: number;
  /** EBS volumes that are attached in the end, the root included. */
  readonly volumes: number;
  /** Absent: not known, or whatever the type has. */
  readonly cpuOptions?: CpuOptionsFacts;
  /** Of the group that it is launched into. */
  readonly placementStrategy?: string;
  readonly needsTpm: boolean;
  /** Its guest has no ENA driver, as far as EC2 knows. */
  readonly lacksEna: boolean;
  readonly vpcId: string;
  /** Where it stands now. */
  readonly subnetId: string;
  /** Those that may take the replacement without changing its way to the internet. */
  readonly subnetIds: readonly string[];
  /** Of its Elastic IPs, out of which they can't go. Absent: it has none, or it is not known. */
  readonly borderGroup?: string;
  readonly pins: readonly Pin[];
  /** Each must reach the replacement too. */
  readonly reaches: readonly Reach[];
  /** Of a target that has many instances: where they stand, the one to be replaced included. Absent: it is one alone. */
  readonly fleet?: FleetFacts;
  /** Of one alone that stands on Spot, and may move: in which pool. Its price and its risk are asked too. Absent: it stands on On-Demand. */
  readonly standsIn?: Pool;
  /** What a move is compared with, and whether staying is an option at all. */
  readonly standing: Standing;
}

/** Where it stands on Spot, for what takes that where it does. */
export const stoodInBy = ({ fleet, standsIn }: Need): Pick<Need, "fleet" | "standsIn"> => ({
  ...(fleet !== undefined && { fleet }),
  ...(standsIn !== undefined && { standsIn }),
});
