/**
 * Which of AWS's partitions a region belongs to. Accounts, roles and credentials end at a partition's border, and ARNs begin with its
 * name. We serve `aws` alone (docs/decisions/0019-one-partition.md).
 */
import * as z from "zod";

/** Any region, served or not: what is stored may be older than the rule. */
export const regionSchema = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, "must be an AWS region such as eu-central-1");

/** By the begin of a region's name, as in the SDK's table of partitions. */
const otherPartitions = [
  { id: "aws-cn", name: "China", begins: /^cn-/ },
  { id: "aws-us-gov", name: "GovCloud (US)", begins: /^us-gov-/ },
  { id: "aws-eusc", name: "the European Sovereign Cloud", begins: /^eusc-/ },
  { id: "aws-iso", name: "a region that is closed to the public", begins: /^[a-z]{2}-iso[a-z]?-/ },
] as const;

const notServed = (region: string): string | undefined => {
  const other = otherPartitions.find(({ begins }) => begins.test(region));
  return other === undefined
    ? undefined
    : `lies in partition ${other.id} (${other.name}), which is not served: only regions of partition aws are, such as eu-central-1`;
};

/** Whether our ARNs, our roles and our credentials are good there. */
export const isServedRegion = (region: string): boolean => notServed(region) === undefined;

/** @param input as the caller sent it, or what of it names a region */
const sentence = (input: unknown, otherwise: string): string =>
  (typeof input === "string" ? notServed(input) : undefined) ?? otherwise;

/** Of partition `aws`: two letters, one word, a number. Its first letters are left open, since AWS adds some. */
export const servedRegionSchema = z.string().regex(/^(?!cn-)[a-z]{2}-[a-z]+-\d{1,2}$/, {
  error: ({ input }) => sentence(input, "must be an AWS region such as eu-central-1"),
});

/** A zone of a served region: the region with a letter. */
export const servedZoneSchema = z.string().regex(/^(?!cn-)[a-z]{2}-[a-z]+-\d{1,2}[a-z]$/, {
  error: ({ input }) =>
    sentence(
      input,
      "must be the name of an Availability Zone such as eu-central-1a (not a zone id, not a Local Zone)",
    ),
});
