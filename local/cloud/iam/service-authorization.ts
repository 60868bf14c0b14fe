/**
 * What AWS's Service Authorization Reference says of the actions that our functions use: the resources that each is authorised on,
 * and the condition keys that a policy can ask of them. A condition on a key that is not listed never holds.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { atFirstUse } from "../../../core/at-first-use.ts";

export const tableFile = new URL("service-authorization.json", import.meta.url);

const tableSchema = z.object({
  source: z.string(),
  /** YYYY-MM-DD */
  taken: z.string(),
  /** By action, such as `ec2:RunInstances`. */
  actions: z.record(
    z.string(),
    z.object({
      /** Condition keys of the action, whatever the resource. */
      keys: z.array(z.string()),
      /** By kind of resource. The ARN's form, `${…}` for what varies; `*` for a kind that the reference gives none for. */
      resources: z.record(
        z.string(),
        z.object({ arn: z.string(), required: z.boolean(), keys: z.array(z.string()) }),
      ),
    }),
  ),
});

export type ServiceAuthorization = z.infer<typeof tableSchema>;

export const serviceAuthorization = atFirstUse((): ServiceAuthorization =>
  tableSchema.parse(JSON.parse(readFileSync(tableFile, "utf8"))),
);
