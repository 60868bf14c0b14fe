/** The schema of our own events, for those who build on them. */
import * as z from "zod";
import { noticeEventSchema } from "../../core/notice/event.ts";

/** JSON Schema, draft 2020-12. */
export const noticeSchemaSection = (): string =>
  `\`\`\`json\n${JSON.stringify(z.toJSONSchema(noticeEventSchema()), null, 2)}\n\`\`\``;
