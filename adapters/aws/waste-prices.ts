/**
 * What addresses, volumes, snapshots, gateways and load balancers cost in a region, from AWS's price list. Of each the one row is
 * taken that is meant: where the list has none or several, the price is absent, and never the first of them. † marks usage types that only
 * public price loaders tell of.
 */
import type { Filter, PricingClient } from "@aws-sdk/client-pricing";
import * as z from "zod";
import type { ListPrice, WastePrices } from "../../core/model/waste/price.ts";
import { malformed, matching, readPriceList } from "./price-list.ts";
import { withoutUndefined } from "./without-undefined.ts";

const rowSchema = z.object({
  product: z.object({ attributes: z.object({ usagetype: z.string() }) }),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({
              unit: z.string(),
              pricePerUnit: z.object({ USD: z.string().optional() }),
            }),
          ),
        }),
      )
      .optional(),
  }),
  publicationDate: z.string(),
});
type Row = z.infer<typeof rowSchema>;

interface Question {
  readonly serviceCode: "AmazonEC2" | "AmazonVPC" | "AWSELB";
  readonly filters: readonly Filter[];
}

const family = (productFamily: string): readonly Filter[] => matching({ productFamily });

const questions = {
  addresses: { serviceCode: "AmazonVPC", filters: matching({ group: "VPCPublicIPv4Address" }) },
  volumes: { serviceCode: "AmazonEC2", filters: family("Storage") },
  iops: { serviceCode: "AmazonEC2", filters: family("System Operation") },
  throughput: { serviceCode: "AmazonEC2", filters: family("Provisioned Throughput") },
  snapshots: { serviceCode: "AmazonEC2", filters: family("Storage Snapshot") },
  fastRestores: {
    serviceCode: "AmazonEC2",
    filters: [{ Type: "CONTAINS", Field: "usagetype", Value: "EBS:FastSnapshotRestore" }],
  },
  natGateways: {
    serviceCode: "AmazonEC2",
    filters: matching({ productFamily: "NAT Gateway", operation: "NatGateway" }),
  },
  application: { serviceCode: "AWSELB", filters: family("Load Balancer-Application") },
  network: { serviceCode: "AWSELB", filters: family("Load Balancer-Network") },
  gateway: { serviceCode: "AWSELB", filters: family("Load Balancer-Gateway") },
} as const satisfies Readonly<Record<string, Question>>;
type Topic = keyof typeof questions;

/** As usage types spell them. */
const volumeUsage: Readonly<Record<string, string>> = {
  gp2: "EBS:VolumeUsage.gp2",
  gp3: "EBS:VolumeUsage.gp3",
  io1: "EBS:VolumeUsage.piops",
  io2: "EBS:VolumeUsage.io2",
  st1: "EBS:VolumeUsage.st1",
  sc1: "EBS:VolumeUsage.sc1",
  standard: "EBS:VolumeUsage",
};

/** † */
const iopsUsage: Readonly<Record<string, string>> = {
  gp3: "EBS:VolumeP-IOPS.gp3",
  io1: "EBS:VolumeP-IOPS.piops",
  io2: "EBS:VolumeP-IOPS.io2",
};

/** The region's code may stand before it: `EUC1-EBS:SnapshotUsage`. `TS-` and `Outposts-` are something else. */
const isUsage = (usageType: string, wanted: string): boolean => {
  if (usageType === wanted) return true;
  const before = usageType.endsWith(`-${wanted}`) ? usageType.slice(0, -wanted.length - 1) : "";
  return /^[A-Z0-9]+$/.test(before) && before !== "TS";
};

const pricesIn = ({ terms: { OnDemand: terms = {} } }: Row): readonly ListPrice[] =>
  Object.values(terms).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions).map(({ unit, pricePerUnit }) => ({
      usd: Number(pricePerUnit.USD ?? Number.NaN),
      unit,
    })),
  );

/** The price of the one row that is meant, if it has one price above zero. */
const priceOf = (rows: readonly Row[], wanted: string): ListPrice | undefined => {
  const meant = rows.filter(({ product }) => isUsage(product.attributes.usagetype, wanted));
  const prices = meant.flatMap(pricesIn);
  const [price] = prices;
  return price !== undefined && prices.length === 1 && price.usd > 0 ? price : undefined;
};

const pricesBy = (
  wanted: Readonly<Record<string, string>>,
  rows: readonly Row[],
): ReadonlyMap<string, ListPrice> =>
  new Map(
    Object.entries(wanted).flatMap(([name, usage]) => {
      const price = priceOf(rows, usage);
      return price === undefined ? [] : [[name, price] as const];
    }),
  );

const toRow = (item: unknown): Row => {
  const parsed = rowSchema.safeParse(item);
  if (!parsed.success) throw malformed(z.prettifyError(parsed.error));
  return parsed.data;
};

const readRows = async (
  pricing: PricingClient,
  region: string,
  { serviceCode, filters }: Question,
): Promise<readonly Row[]> => {
  const items = await readPriceList(pricing, {
    serviceCode,
    filters: [...matching({ regionCode: region }), ...filters],
    about: `${serviceCode} in ${region}`,
  });
  return items.map(toRow);
};

type Rows = Readonly<Record<Topic, readonly Row[]>>;

const readAll = async (pricing: PricingClient, region: string): Promise<Rows> => {
  const topics = Object.entries(questions) as readonly (readonly [Topic, Question])[];
  const read = await Promise.all(
    topics.map(async ([topic, question]) => [topic, await readRows(pricing, region, question)]),
  );
  return Object.fromEntries(read) as Rows;
};

const balancerUsage = "LoadBalancerUsage";

const balancersOf = (rows: Rows): ReadonlyMap<string, ListPrice> =>
  new Map(
    (["application", "network", "gateway"] as const).flatMap((type) => {
      const price = priceOf(rows[type], balancerUsage);
      return price === undefined ? [] : [[type, price] as const];
    }),
  );

/**
 * Ten questions a region. Undefined: the list has nothing of it.
 * @throws BrokenFacts for a malformed row, and what the API answers
 */
export const readWastePrices = async (
  pricing: PricingClient,
  region: string,
): Promise<WastePrices | undefined> => {
  const rows = await readAll(pricing, region);
  const [publishedAt] = Object.values(rows)
    .flat()
    .map(({ publicationDate }) => publicationDate)
    .sort();
  if (publishedAt === undefined) return undefined;
  return withoutUndefined({
    region,
    publishedAt,
    idleAddress: priceOf(rows.addresses, "PublicIPv4:IdleAddress"),
    usedAddress: priceOf(rows.addresses, "PublicIPv4:InUseAddress"),
    volumes: pricesBy(volumeUsage, rows.volumes),
    iops: pricesBy(iopsUsage, rows.iops),
    throughput: priceOf(rows.throughput, "EBS:VolumeP-Throughput.gp3"),
    snapshot: priceOf(rows.snapshots, "EBS:SnapshotUsage"),
    fastRestore: priceOf(rows.fastRestores, "EBS:FastSnapshotRestore"),
    natGateway: priceOf(rows.natGateways, "NatGateway-Hours"),
    loadBalancers: balancersOf(rows),
  });
};
