// Command overlay builds a program with goroutines so that it does the same in every run: with the
// clock of the Go playground, which moves only when every goroutine waits, and with a few edits of
// the library of the Go release that is installed. The edits are laid over its files for this one
// build; nothing of the installation is changed.
//
//	go run ./overlay -o raft .
//
// Each edit must match exactly once. Where one does not, the program is built without edits: it runs
// on the bench as well, and may do something else in the next run.
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed edits.json
var editsJSON []byte

type edit struct {
	File, Find, Replace string
	Optional            bool
}

func main() {
	output := flag.String("o", "raft", "the program to be written")
	folder := flag.String("folder", filepath.Join(".whitewater", "overlay"), "where edited files go")
	flag.Parse()
	if err := build(*output, *folder, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func build(output, folder string, packages []string) error {
	env, err := exec.Command("go", "env", "GOROOT", "GOVERSION", "GOOS").Output()
	if err != nil {
		return err
	}
	words := strings.Fields(string(env))
	goroot, version := words[0], words[1]
	if words[2] == "windows" {
		return errors.New("The clock of the Go playground is not there on Windows: use WSL or a container.")
	}
	tags := "faketime"
	args := []string{"build", "-o", output}
	ldflags := "-checklinkname=0"
	overlay, problem := layOver(filepath.Join(goroot, "src"), folder)
	if problem == nil {
		tags += ",whitewater"
		args = append(args, "-overlay="+overlay)
		fmt.Printf("Built for replay with %s: same seed, same run.\n", version)
	} else {
		fmt.Printf("Recorded, not replayable with %s: %v.\n", version, problem)
		ldflags += fmt.Sprintf(" -X '6.5840/bench.notReplayable=%s'", version)
	}
	command := exec.Command("go", append(append(args, "-tags="+tags, "-ldflags="+ldflags), packages...)...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command.Run()
}

// layOver writes the edited files, and overlay.json, which names them.
func layOver(library, folder string) (overlay string, problem error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	texts, err := editedFiles(library)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for file, text := range texts {
		edited := filepath.Join(folder, strings.ReplaceAll(file, "/", "-"))
		replace[filepath.Join(library, file)] = edited
		if err := write(edited, []byte(text)); err != nil {
			return "", err
		}
	}
	list, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "  ")
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(folder, "overlay.json")
	return overlay, write(overlay, list)
}

func editedFiles(library string) (map[string]string, error) {
	var edits []edit
	if err := json.Unmarshal(editsJSON, &edits); err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for i, e := range edits {
		text, ok := texts[e.File]
		if !ok {
			bytes, err := os.ReadFile(filepath.Join(library, e.File))
			if err != nil && !e.Optional {
				return nil, fmt.Errorf("edit %d: there is no %s", i+1, e.File)
			}
			text = strings.ReplaceAll(string(bytes), "\r\n", "\n")
		}
		if count := strings.Count(text, e.Find); count != 1 {
			if e.Optional {
				continue
			}
			return nil, fmt.Errorf("edit %d matches %d times in %s", i+1, count, e.File)
		}
		texts[e.File] = strings.Replace(text, e.Find, e.Replace, 1)
	}
	return texts, nil
}

func write(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
