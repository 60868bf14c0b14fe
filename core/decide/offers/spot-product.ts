/** Under which product the Spot market sells a platform. */

/**
 * The values of the Spot price history's product description are the only platforms that Spot sells. Source: EC2 API
 * reference, DescribeSpotPriceHistory, filter `product-description` (each also as "… (Amazon VPC)", the same price).
 * Licences such as SQL Server, Red Hat HA, Ubuntu Pro or bring-your-own have platform details that are not in it.
 */
export const spotProducts = [
  "Linux/UNIX",
  "Red Hat Enterprise Linux",
  "SUSE Linux",
  "Windows",
] as const;
export type SpotProduct = (typeof spotProducts)[number];

/** Undefined: the platform (as `InstanceFacts.platformDetails` spells it) has no Spot product. */
export const spotProductOf = (platformDetails: string): SpotProduct | undefined =>
  spotProducts.find((product) => product === platformDetails);
