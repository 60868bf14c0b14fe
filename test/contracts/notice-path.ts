/** The way of a notice: told, made a message of, and sent to topic, webhook and bus. */
import type { LabAccount } from "../../local/lab/account.ts";

export const walkNotices = async ({
  accountId,
  api,
  platform,
  region,
}: LabAccount): Promise<void> => {
  const topic_arn = platform.sns.addTopic({ accountId, region, name: "spot-optimizer-told" });
  const webhook = {
    url: "https://hooks.example.com/in",
    secret: "only-an-example-of-32-characters",
  };
  platform.network.serve("hooks.example.com", () => 204);
  const path = `/accounts/${accountId}/notices`;
  await api.send({ method: "PUT", path, body: { topic_arn, webhook } });
  await api.send({ method: "POST", path: `${path}/test` });
  await platform.functions.invoke("notice-deliver", {});
};
