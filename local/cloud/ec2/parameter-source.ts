/** What EC2 asks of Systems Manager about the parameters by which images are named. */
import type { RegionState } from "./state.ts";

export interface ImageParameter {
  readonly arn: string;
  readonly value: string;
  /** `aws:ec2:image`, which alone EC2 takes, or `text`. */
  readonly dataType: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ParameterSource {
  /** As it is now. By name, with its leading slash, or by `name:version`. Undefined: there is none. */
  find(
    place: Pick<RegionState, "accountId" | "region">,
    reference: string,
  ): ImageParameter | undefined;
}
