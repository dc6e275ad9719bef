// An app that names Recall's hosts, by each of Node's ways to call them. Prints what each was answered.
import http from 'node:http';
import https, { get } from 'node:https';
import net from 'node:net';
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
// Sockets by themselves, whose arguments come in several ways.
const dialled = (socket) =>
  new Promise((resolve, reject) => {
    socket.once('error', reject).once('connect', () => {
      resolve(socket.remoteAddress);
      socket.destroy();
    });
  });
answers.sockets = await Promise.all([
  dialled(new net.Socket().connect(80, 'us-west-2.recall.ai')),
  dialled(new net.Socket().connect({ host: 'US-WEST-2.recall.ai.', port: 443 })),
  dialled(net.connect({ host: 'api.recall.ai', port: '443' })),
]);
// Nobody else is led anywhere.
answers.other = await fetch(process.argv[2], { headers }).then((response) => response.text());
process.stdout.write(JSON.stringify(answers));
