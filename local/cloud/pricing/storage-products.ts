/**
 * What storage, addresses, gateways and load balancers cost. Sources of the figures in us-east-1: AWS's pages on EBS, VPC and load balancing
 * prices; of the rows: AWS's offer files of AmazonEC2, AmazonVPC and AWSELB. † Other regions: a fifth more for storage.
 */
import type { Attributes } from "./filters.ts";
import { hashOf, type Product } from "./item.ts";

interface Listed {
  readonly servicecode: "AmazonEC2" | "AmazonVPC" | "AWSELB";
  readonly productFamily: string;
  /** Without the region's code. */
  readonly usage: string;
  readonly unit: string;
  readonly usd: number;
  readonly more?: Attributes;
}

const storage = (volumeApiName: string, usage: string, usd: number): Listed => ({
  servicecode: "AmazonEC2",
  productFamily: "Storage",
  usage: `EBS:${usage}`,
  unit: "GB-Mo",
  usd,
  more: { volumeApiName },
});

const iops = (volumeApiName: string, usage: string, usd: number): Listed => ({
  servicecode: "AmazonEC2",
  productFamily: "System Operation",
  usage: `EBS:${usage}`,
  unit: "IOPS-Mo",
  usd,
  more: { volumeApiName, group: "EBS IOPS" },
});

const snapshot = (usage: string, usd: number, unit: string = "GB-Mo"): Listed => ({
  servicecode: "AmazonEC2",
  productFamily: "Storage Snapshot",
  usage: `EBS:${usage}`,
  unit,
  usd,
});

const address = (usage: string, usd: number): Listed => ({
  servicecode: "AmazonVPC",
  productFamily: "VpcPublicIPv4",
  usage: `PublicIPv4:${usage}`,
  unit: "Hrs",
  usd,
  more: { group: "VPCPublicIPv4Address" },
});

const gateway = (usage: string, unit: string, usd: number): Listed => ({
  servicecode: "AmazonEC2",
  productFamily: "NAT Gateway",
  usage,
  unit,
  usd,
  more: { operation: "NatGateway" },
});

const balancer = (type: string, usage: string, usd: number): Listed => ({
  servicecode: "AWSELB",
  productFamily: `Load Balancer-${type}`,
  usage,
  unit: usage === "LCUUsage" ? "LCU-Hrs" : "Hrs",
  usd,
});

/** With the rows beside those that are meant: whoever takes the first is wrong. */
const rows: readonly Listed[] = [
  storage("gp2", "VolumeUsage.gp2", 0.1),
  storage("gp3", "VolumeUsage.gp3", 0.08),
  storage("io1", "VolumeUsage.piops", 0.125),
  storage("io2", "VolumeUsage.io2", 0.125),
  storage("st1", "VolumeUsage.st1", 0.045),
  storage("sc1", "VolumeUsage.sc1", 0.015),
  storage("standard", "VolumeUsage", 0.05),
  iops("gp3", "VolumeP-IOPS.gp3", 0.005),
  iops("io1", "VolumeP-IOPS.piops", 0.065),
  iops("io2", "VolumeP-IOPS.io2", 0.065),
  iops("io2", "VolumeP-IOPS.io2.tier2", 0.0455),
  iops("io2", "VolumeP-IOPS.io2.tier3", 0.03185),
  {
    servicecode: "AmazonEC2",
    productFamily: "Provisioned Throughput",
    usage: "EBS:VolumeP-Throughput.gp3",
    unit: "GiBps-mo",
    usd: 40.96,
    more: { volumeApiName: "gp3", group: "EBS Throughput" },
  },
  snapshot("SnapshotArchiveStorage", 0.0125),
  snapshot("SnapshotUsage", 0.05),
  snapshot("SnapshotUsageUnderBilling", 0),
  snapshot("SnapshotArchiveRetrieval", 0.03, "GB"),
  snapshot("SnapshotArchiveEarlyDelete", 0.0125),
  snapshot("SnapshotUsage.outposts", 0.05),
  {
    servicecode: "AmazonEC2",
    productFamily: "Fast Snapshot Restore",
    usage: "EBS:FastSnapshotRestore",
    unit: "DSU-Hrs",
    usd: 0.75,
  },
  address("IdleAddress", 0.005),
  address("InUseAddress", 0.005),
  address("ContiguousBlock", 0.008),
  gateway("NatGateway-Hours", "Hrs", 0.045),
  gateway("NatGateway-Bytes", "GB", 0.045),
  gateway("NatGateway-Prvd-Bytes", "GB", 0.045),
  ...["Application", "Network", "Gateway"].flatMap((type) => {
    const usd = type === "Gateway" ? 0.0125 : 0.0225;
    return [
      balancer(type, "LCUUsage", 0.008),
      balancer(type, "Outposts-LoadBalancerUsage", usd),
      balancer(type, "TS-LoadBalancerUsage", usd),
      balancer(type, "LoadBalancerUsage", usd),
    ];
  }),
];

const home = "us-east-1";

/** `eu-central-1` → `EUC1-`; nothing for the first region, as usage types have it. */
export const prefixOf = (region: string): string => {
  if (region === home) return "";
  const [continent = "", side = "", number = ""] = region.split("-");
  return `${continent.toUpperCase()}${side.slice(0, 1).toUpperCase()}${number}-`;
};

const isStorage = ({ usage }: Listed): boolean => usage.startsWith("EBS:Volume");

const productOf = (region: string, listed: Listed): Product => {
  const { servicecode, productFamily, usage, unit, usd, more = {} } = listed;
  const usagetype = `${prefixOf(region)}${usage}`;
  const isDearer = region !== home && isStorage(listed);
  return {
    sku: hashOf(`${region} ${servicecode} ${productFamily} ${usagetype}`).toUpperCase(),
    attributes: {
      ...more,
      servicecode,
      productFamily,
      usagetype,
      regionCode: region,
      locationType: "AWS Region",
    },
    usd: isDearer ? usd * 1.19 : usd,
    unit,
    text: `per ${unit} of ${usage}`,
  };
};

const bySku = (one: Product, other: Product): number => (one.sku < other.sku ? -1 : 1);

/** Of a region, in an order that is another in each. */
export const storageProductsOf = (region: string): readonly Product[] =>
  rows.map((listed) => productOf(region, listed)).sort(bySku);
