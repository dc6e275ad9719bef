// An app that names Recall's hosts, by each of Node's ways to call them. Prints what each was answered.
import http from 'node:http';
import https, { get } from 'node:https';
import { connect } from 'node:tls';

const headers = { Authorization: 'Token key' };
const path = '/api/v1/bot/';
const status = (call) =>
  new Promise((resolve, reject) =>
    call.once('error', reject).once('response', (response) => resolve(response.resume().statusCode)),
  );

const answers = {
  fetch: (await fetch(`https://us-west-2.recall.ai${path}`, { headers })).status,
  https: await status(https.get(`https://us-east-1.recall.ai${path}`, { headers })),
  named: await status(
    get({ host: 'eu-central-1.recall.ai', path, headers, agent: new https.Agent({ keepAlive: false }) }),
  ),
  http: await status(http.get(`http://ap-northeast-1.recall.ai${path}`, { headers })),
  tls: await new Promise((resolve, reject) => {
    const socket = connect(443, 'api.recall.ai', { servername: 'api.recall.ai' }, () => {
      resolve(socket.authorized);
      socket.destroy();
    }).once('error', reject);
  }),
};
// Nobody else is led anywhere.
answers.other = await fetch(process.argv[2], { headers }).then((response) => response.text());
process.stdout.write(JSON.stringify(answers));
