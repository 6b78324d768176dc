// A real OpenID Connect issuer. Reads one JSON command a line, answers each with one JSON line.
import { createInterface } from 'node:readline';
import { OAuth2Server } from 'oauth2-mock-server';

let server = new OAuth2Server();
await server.issuer.keys.generate('RS256', { kid: 'first' });
let port = 0;

const commands = {
  async start() {
    await server.start(port, '127.0.0.1');
    port = server.address().port;
    return server.issuer.url;
  },
  async stop() {
    await server.stop();
    return null;
  },
  // The next key, without those before it: as an issuer does once their tokens have ended.
  async rotate({ kid, alg }) {
    await server.stop();
    server = new OAuth2Server();
    await server.issuer.keys.generate(alg, { kid });
    return commands.start();
  },
  async token({ kid, claims, header, expiresIn }) {
    const change = (ofHeader, payload) => {
      Object.assign(ofHeader, header);
      Object.assign(payload, claims);
    };
    return server.issuer.buildToken({ kid, scopesOrTransform: change, expiresIn });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify({ answer: await commands[command](given) })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}
