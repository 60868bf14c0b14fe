/** Where the owner of an account wants to be told, and of what. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { callerSchema } from "./approval.ts";
import { topicArnPattern } from "./enforcer.ts";
import { noticeKinds } from "./notice.ts";

export const noticeSettingsSchema = atFirstUse(() =>
  z.strictObject({
    /** Of the customer's own. Absent: nothing is published. */
    topicArn: z.string().regex(topicArnPattern).exactOptional(),
    /** These go to topic and webhook. The event bus has all. */
    kinds: z.array(z.enum(noticeKinds)),
    webhook: z
      .strictObject({
        url: z.url(),
        /** As KMS has encrypted it, in base64. */
        sealedSecret: z.string(),
        secretSetAt: z.iso.datetime(),
      })
      .exactOptional(),
    setBy: callerSchema().exactOptional(),
    updatedAt: z.iso.datetime(),
  }),
);
export type NoticeSettings = Readonly<z.infer<ReturnType<typeof noticeSettingsSchema>>>;
