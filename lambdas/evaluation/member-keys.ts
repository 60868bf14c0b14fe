/** Reads the KMS keys under which a member's volumes would be made: those of the template, of its image, and the account's default. */
import type { TemplateReading } from "../../adapters/aws/ec2/launch-template.ts";
import { kindOf } from "../../core/model/evaluation-kind.ts";
import type { KeyFacts } from "../../core/model/kms-key.ts";
import type { CustomerClients } from "../runtime/context.ts";
import { encryptsByDefault } from "./ebs-standing.ts";
import type { LaunchAsked } from "./instance-launch.ts";
import { keysOfLaunch, volumesOfTemplate } from "./launched-keys.ts";
import { readKeys } from "./read-keys.ts";

interface KeysAsked extends Pick<LaunchAsked, "place" | "kind"> {
  readonly clients: Pick<CustomerClients, "ec2" | "kms">;
}

/** Empty where nothing would be encrypted. */
export const gatherKeys = async (
  asked: KeysAsked,
  template: TemplateReading,
): Promise<readonly KeyFacts[]> => {
  const { place } = asked;
  const { ec2, kms } = asked.clients;
  const asking = { ec2, isEncryptedByDefault: () => encryptsByDefault(ec2, place) };
  const { known, unread } = await keysOfLaunch(asking, volumesOfTemplate(template));
  const reader = { kms, account: place.account, isSpot: kindOf(asked) !== "FALL_BACK" };
  return [...(await readKeys(reader, known)), ...unread];
};
