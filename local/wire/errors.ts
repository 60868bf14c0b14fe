/** Refusals on the wire: requests that can't be decoded, and how each protocol writes an error. */
import type { CloudError } from "../cloud/contract.ts";
import type { Refusal } from "../cloud/refusals.ts";
import type { ServiceModel } from "../schemas/model.ts";
import { isXml, jsonTypeOf, type XmlModel } from "./protocols.ts";
import type { WireResponse } from "./messages.ts";

/** What came can't be read as a request of that operation. Becomes the service's own refusal. */
export class MalformedRequest extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, message: string) {
    super(message);
    this.name = "MalformedRequest";
    this.refusal = refusal;
  }
}

/** An error answer in the service's protocol. */
export const encodeError = (
  model: ServiceModel,
  error: CloudError,
  requestId: string,
): WireResponse => {
  const code = model.errors.get(error.code);
  const common = { "x-amzn-requestid": requestId };
  if (isXml(model)) {
    const { protocol, xmlNamespace } = model;
    return {
      status: error.status,
      headers: { ...common, "content-type": "text/xml;charset=UTF-8" },
      body: documents[protocol]({ code: code?.code ?? error.code, error, requestId, xmlNamespace }),
    };
  }
  const name = code?.name ?? error.code;
  return {
    status: error.status,
    headers: { ...common, "content-type": jsonTypeOf(model), "x-amzn-errortype": name },
    // Some errors spell it one way in their schema, some the other; SDKs read whichever they know.
    body: JSON.stringify({ __type: name, message: error.message, Message: error.message }),
  };
};

interface Written {
  readonly code: string;
  readonly error: CloudError;
  readonly requestId: string;
  readonly xmlNamespace: string;
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>]/g, (character) => escapes[character] ?? character);

const ec2Document = ({ code, error, requestId }: Written): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${escapeXml(code)}</Code>` +
  `<Message>${escapeXml(error.message)}</Message></Error></Errors>` +
  `<RequestID>${requestId}</RequestID></Response>`;

const queryDocument = ({ code, error, requestId, xmlNamespace }: Written): string =>
  `<ErrorResponse xmlns="${xmlNamespace}"><Error><Type>${error.status < 500 ? "Sender" : "Receiver"}</Type>` +
  `<Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
  `<RequestId>${requestId}</RequestId></ErrorResponse>`;

/** REST writes an error in XML as query does. Source: Smithy, AWS restXml protocol, "Error response serialization". */
const documents: Readonly<Record<XmlModel["protocol"], (written: Written) => string>> = {
  ec2Query: ec2Document,
  awsQuery: queryDocument,
  restXml: queryDocument,
};
