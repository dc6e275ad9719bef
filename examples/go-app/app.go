// Package notes sends a bot to a meeting and says who was there.
package notes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// App calls Recall's API.
type App struct {
	BaseURL string // https://us-west-2.recall.ai, or the emulator's URL
	APIKey  string
}

// FromEnvironment reads RECALL_API_BASE_URL and RECALL_API_KEY.
func FromEnvironment() App {
	base := os.Getenv("RECALL_API_BASE_URL")
	if base == "" {
		base = "https://us-west-2.recall.ai"
	}
	return App{BaseURL: base, APIKey: os.Getenv("RECALL_API_KEY")}
}

type bot struct {
	ID            string `json:"id"`
	StatusChanges []struct {
		Code string `json:"code"`
	} `json:"status_changes"`
	Recordings []struct {
		MediaShortcuts struct {
			ParticipantEvents struct {
				Data struct {
					ParticipantsURL string `json:"participants_download_url"`
				} `json:"data"`
			} `json:"participant_events"`
		} `json:"media_shortcuts"`
	} `json:"recordings"`
}

// SendBot sends a bot that streams each participant's audio to audioURL, and returns its id.
func (app App) SendBot(meetingURL, audioURL string) (string, error) {
	var made bot
	err := app.call(http.MethodPost, "bot/", map[string]any{
		"meeting_url": meetingURL,
		"recording_config": map[string]any{
			"audio_separate_raw": map[string]any{},
			"participant_events": map[string]any{},
			"realtime_endpoints": []any{map[string]any{
				"type": "websocket", "url": audioURL, "events": []string{"audio_separate_raw.data"},
			}},
		},
	}, &made)
	return made.ID, err
}

// Participants waits until the bot is done, and returns the names of those who were there.
func (app App) Participants(id string, askEvery time.Duration) ([]string, error) {
	for {
		var now bot
		if err := app.call(http.MethodGet, "bot/"+id+"/", nil, &now); err != nil {
			return nil, err
		}
		status := ""
		if changes := now.StatusChanges; len(changes) > 0 {
			status = changes[len(changes)-1].Code
		}
		switch {
		case status == "fatal":
			return nil, errors.New("the bot could not record the meeting")
		case status == "done" && len(now.Recordings) > 0:
			return namesAt(now.Recordings[0].MediaShortcuts.ParticipantEvents.Data.ParticipantsURL)
		}
		time.Sleep(askEvery)
	}
}

// A download URL carries its own token.
func namesAt(url string) ([]string, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var people []struct{ Name string }
	if err := json.NewDecoder(response.Body).Decode(&people); err != nil {
		return nil, err
	}
	names := make([]string, len(people))
	for i, person := range people {
		names[i] = person.Name
	}
	return names, nil
}

func (app App) call(method, path string, body, answer any) error {
	var text bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&text).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, app.BaseURL+"/api/v1/"+path, &text)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Token "+app.APIKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: HTTP %d", method, path, response.StatusCode)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
