/** Regions of the simulated market. */

/** Zone ids of the simulated regions and what their list prices are of those in us-east-1, roughly. */
export const regionCatalogue: Readonly<
  Record<string, { readonly zoneIds: readonly string[]; readonly priceFactor: number }>
> = {
  "us-east-1": {
    zoneIds: ["use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"],
    priceFactor: 1,
  },
  "us-east-2": { zoneIds: ["use2-az1", "use2-az2", "use2-az3"], priceFactor: 1 },
  "us-west-2": { zoneIds: ["usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"], priceFactor: 1 },
  "eu-west-1": { zoneIds: ["euw1-az1", "euw1-az2", "euw1-az3"], priceFactor: 1.11 },
  "eu-central-1": { zoneIds: ["euc1-az1", "euc1-az2", "euc1-az3"], priceFactor: 1.2 },
};
