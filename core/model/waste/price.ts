/** What resources that may be waste cost, by AWS's price list of a region. */

/** Unit as the list has it; a month has 730 hours. */
export interface ListPrice {
  readonly usd: number;
  /** `Hrs`, `GB-Mo`, `IOPS-Mo`, `GiBps-mo`, `DSU-Hrs` … */
  readonly unit: string;
}

/** Absent: the list has no such row, or more than one that could be meant. */
export interface WastePrices {
  readonly region: string;
  /** Of the list, ISO 8601: the oldest of its rows. */
  readonly publishedAt: string;
  /** An hour of a public IPv4 address that is not used, and of one that is. */
  readonly idleAddress?: ListPrice;
  readonly usedAddress?: ListPrice;
  /** A GB-month by volume type: `gp3` … */
  readonly volumes: ReadonlyMap<string, ListPrice>;
  /** A provisioned IOPS-month by volume type: above 3,000 of gp3, all of io1; of io2 the first tier. */
  readonly iops: ReadonlyMap<string, ListPrice>;
  /** Provisioned throughput of gp3 above 125 MiB/s, in the unit that the list has. */
  readonly throughput?: ListPrice;
  /** A GB-month in the standard tier. */
  readonly snapshot?: ListPrice;
  /** An hour of a snapshot in a zone. */
  readonly fastRestore?: ListPrice;
  readonly natGateway?: ListPrice;
  /** An hour, by `application`, `network`, `gateway`. */
  readonly loadBalancers: ReadonlyMap<string, ListPrice>;
}
