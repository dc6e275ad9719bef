package notes

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

const meeting = "https://zoom.us/j/1234567890"

// TestMain starts recall-emulator once for all tests. RECALL_EMULATOR names another command than npx recall-emulator.
func TestMain(m *testing.M) {
	command := os.Getenv("RECALL_EMULATOR")
	if command == "" {
		command = "npx recall-emulator"
	}
	words := append(strings.Fields(command), "serve", "--port", "0", "--speed", "max", "--seed", "1", "--json")
	server := exec.Command(words[0], words[1:]...)
	server.Stderr = os.Stderr
	// A process group of its own: npx starts the command in another process.
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := server.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Start(); err != nil {
		log.Fatal(err)
	}
	// The first line says where it listens. It is missing when the command has ended: its reason is on stderr.
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	if err != nil {
		log.Fatal("recall-emulator has ended")
	}
	var ready struct{ URL string }
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		log.Fatal(err)
	}
	// More lines come, one for each thing that happens. A pipe that nobody reads would stop the server.
	go io.Copy(io.Discard, lines)
	os.Setenv("RECALL_API_BASE_URL", ready.URL)
	os.Setenv("RECALL_API_KEY", "test")
	code := m.Run()
	syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
	server.Wait()
	os.Exit(code)
}

func TestSaysWhoWasInTheMeeting(t *testing.T) {
	app := FromEnvironment()
	// Nobody listens there, which is no matter of this test.
	id, err := app.SendBot(meeting, "ws://127.0.0.1:1/")
	if err != nil {
		t.Fatal(err)
	}
	names, err := app.Participants(id, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 3 {
		t.Fatalf("3 people were there, not %v", names)
	}
}

func TestRefusesWhatIsNoMeeting(t *testing.T) {
	if _, err := FromEnvironment().SendBot("https://example.com/", "ws://127.0.0.1:1/"); err == nil {
		t.Fatal("it was taken")
	}
}
