/** What AWS tells: our bus is opened, and a warning of an instance that the inventory does not know is heard. */
import { updateAccount } from "../../adapters/store/accounts.ts";
import { accountIdSchema } from "../../core/model/ids.ts";
import type { LabAccount } from "../../local/lab/account.ts";

export const hearOfInterruption = async (stage: LabAccount): Promise<void> => {
  const { platform, table, region } = stage;
  const accountId = accountIdSchema.parse(stage.accountId);
  await platform.functions.invoke("interruption-open-bus", {});
  // Of a LAB account nothing is remembered.
  await updateAccount(table, accountId, (account) => ({ ...account, environment: "PROD" }));
  const event = {
    source: "aws.ec2",
    "detail-type": "EC2 Spot Instance Interruption Warning",
    account: accountId,
    region,
    time: new Date(platform.clock.now()).toISOString(),
    detail: { "instance-id": "i-00000000000000000", "instance-action": "terminate" },
  };
  const Records = [{ messageId: "1", body: JSON.stringify(event) }];
  await platform.functions.invoke("interruption-receive", { Records });
  await updateAccount(table, accountId, (account) => ({ ...account, environment: "LAB" }));
};
