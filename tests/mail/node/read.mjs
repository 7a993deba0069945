// Reads messages with postal-mime: a line of standard input is a message in base64, a line of output what was read.
import { createInterface } from "node:readline";
import PostalMime from "postal-mime";

const options = { attachmentEncoding: "base64" };
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  console.log(JSON.stringify(await PostalMime.parse(Buffer.from(line, "base64"), options)));
}
