/** What is read of resources that may be waste, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const addresses = ["test/adapters/aws/ec2/own-addresses"];
const volumes = ["test/adapters/aws/ec2/own-volumes"];
const snapshots = ["test/adapters/aws/ec2/own-snapshots"];
const images = ["test/adapters/aws/ec2/own-images"];
const metrics = ["test/adapters/aws/metrics"];
const prices = ["test/adapters/aws/waste-prices"];

export const readingWasteMutants: readonly Mutant[] = [
  {
    name: "an address that EC2 refuses and lists is taken for released",
    file: "adapters/aws/remove-once.ts",
    from: "if (!(await isShown())) return doneBefore(refused);",
    to: 'if (!(await isShown()) || refused.code !== "") return doneBefore(refused);',
    tests: [...addresses, ...volumes],
  },
  {
    name: "a volume that EC2 hides because a service manages it is not read",
    file: "adapters/aws/ec2/own-volumes.ts",
    from: "            IncludeManagedResources: true,\n",
    to: "",
    tests: volumes,
  },
  {
    name: "a copy has the lineage of an arbitrary volume",
    file: "adapters/aws/ec2/own-snapshots.ts",
    from: "volumeId: copy ? undefined : snapshot.VolumeId,",
    to: "volumeId: snapshot.VolumeId,",
    tests: snapshots,
  },
  {
    name: "a fast restore that EC2 did not disable is taken for disabled",
    file: "adapters/aws/ec2/fast-restores.ts",
    from: "if (refused === undefined) return acted(answer);",
    to: 'if (refused === undefined || refused.Code !== "") return acted(answer);',
    tests: snapshots,
  },
  {
    name: "disabled images are not read",
    file: "adapters/aws/ec2/own-images.ts",
    from: "            IncludeDisabled: true,\n",
    to: "",
    tests: images,
  },
  {
    name: "only the newest versions of a template refer to an image",
    file: "adapters/aws/ec2/own-images.ts",
    from: 'OptionValues: ["10000"]',
    to: 'OptionValues: ["10"]',
    tests: images,
  },
  {
    name: "an image's snapshots are deleted with it",
    file: "adapters/aws/ec2/image-retirement.ts",
    from: "DeleteAssociatedSnapshots: false",
    to: "DeleteAssociatedSnapshots: true",
    tests: images,
  },
  {
    name: "a metric that CloudWatch could not answer is none",
    file: "adapters/aws/metrics.ts",
    from: "return questions.map(({ key }) => [key, unknown(error.message)]);",
    to: 'return questions.map(({ key }) => [key, { kind: "NONE" }]);',
    tests: metrics,
  },
  {
    name: "the part of a metric that CloudWatch has answered is all of it",
    file: "adapters/aws/metrics.ts",
    from: 'if (last.StatusCode !== "Complete") {',
    to: 'if (last.StatusCode === "Forbidden") {',
    tests: metrics,
  },
  {
    name: "of several rows of the price list the first is taken",
    file: "adapters/aws/waste-prices.ts",
    from: "price !== undefined && prices.length === 1 && price.usd > 0",
    to: "price !== undefined && price.usd > 0",
    tests: prices,
  },
  {
    name: "what a load balancer of another kind costs is its price",
    file: "adapters/aws/waste-prices.ts",
    from: 'return /^[A-Z0-9]+$/.test(before) && before !== "TS";',
    to: 'return before !== "";',
    tests: prices,
  },
];
